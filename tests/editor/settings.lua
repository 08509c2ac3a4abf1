-- The shipped settings of Neovim: what a person finds who has put them into place, and nothing else.

local tests = dofile(os.getenv("MUSTER_STEPS"))
local step = tests.step

-- Names are found by what is typed of them, whatever is written around them.
local function completed(buffer)
    local function words(line)
        vim.api.nvim_buf_set_lines(buffer, 0, 1, true, { line })
        vim.api.nvim_win_set_cursor(0, { 1, #line })
        local start = MusterComplete(1, "")
        local found = {}
        for _, one in ipairs(MusterComplete(0, line:sub(start + 1))) do
            found[one.word] = start
        end
        return found
    end
    local first = vim.api.nvim_buf_get_lines(buffer, 0, 1, true)[1]
    -- Names are those of the last text that can be read: one has to be known before it is half typed.
    local params = { textDocument = vim.lsp.util.make_text_document_params() }
    local _, outline = next(vim.lsp.buf_request_sync(buffer, "textDocument/documentSymbol", params, 20000) or {})
    step("an outline", outline and outline.result and #outline.result > 0)
    step("a metric is completed", vim.wait(20000, function()
        local own = words("metrics: { a: visits_6")
        return own["visits_60d"] == 14 and own["spent_60d"] == nil
    end, 200))
    local ask = vim.lsp.buf_request_sync
    vim.lsp.buf_request_sync = function()
        local function item(label, text, from)
            local range = { start = { line = 0, character = from }, ["end"] = { line = 0, character = 13 } }
            return { label = label, textEdit = { newText = text, range = range } }
        end
        return { { result = { item("Kranken-Kasse", "`Kranken-Kasse`", 8), item("Ort", "Ort", 8) } } }
    end
    step("a name in backticks", words("ä when: Krank")["`Kranken-Kasse`"] == 9)
    step("it alone", words("ä when: Krank")["Ort"] == nil)
    step("one begun in backticks", words("ä when: `Kran")["`Kranken-Kasse`"] == 9)
    vim.lsp.buf_request_sync = ask
    vim.api.nvim_buf_set_lines(buffer, 0, 1, true, { first })
end

local function run()
    vim.cmd("edit rules/engagement.yaml")
    vim.cmd("setfiletype yaml")
    local buffer = vim.api.nvim_get_current_buf()
    local function client()
        local _, one = next(vim.lsp.buf_get_clients(buffer))
        return one
    end
    step("the server is attached", vim.wait(20000, function()
        return client() ~= nil and client().initialized
    end, 50))
    step("nobody is trusted unasked", client().config.init_options.trusted == false)
    step("completion", vim.wait(5000, function()
        return vim.bo[buffer].omnifunc ~= ""
    end, 50))
    if vim.fn.has("nvim-0.10") == 0 then
        completed(buffer)
    end
    step("it is said that nobody is counted", vim.fn.execute("messages"):find("counts nobody", 1, true) ~= nil)
    for _, key in ipairs({ "K", "gd", "grr", "grn", "gra", "grl", "grf" }) do
        step(key, vim.fn.maparg(key, "n", false, true).desc ~= nil)
    end
    vim.api.nvim_buf_set_lines(buffer, 0, 0, true, { "broken: [" })
    step("a finding", vim.wait(20000, function()
        return #vim.diagnostic.get(buffer) > 0
    end, 50))
    vim.cmd("edit ../site/other.yaml")
    vim.cmd("setfiletype yaml")
    step("a config of another program starts nothing", next(vim.lsp.buf_get_clients(0)) == nil)
    client().stop()
end

tests.run("with the shipped settings", run)
