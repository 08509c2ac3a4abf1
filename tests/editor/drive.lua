-- A person at work in Neovim.

local tests = dofile(os.getenv("MUSTER_STEPS"))
local step, fail = tests.step, tests.fail

local function run()
    vim.cmd("edit rules/engagement.yaml")
    local buffer = vim.api.nvim_get_current_buf()
    vim.bo[buffer].filetype = "yaml"
    local id = vim.lsp.start_client({
        name = "muster",
        cmd = { os.getenv("MUSTER"), "lsp" },
        root_dir = vim.fn.getcwd(),
        init_options = { trusted = true },
    })
    vim.lsp.buf_attach_client(buffer, id)
    local function client()
        return vim.lsp.get_client_by_id(id)
    end
    local function wait(name, holds)
        step(name, vim.wait(20000, holds, 50))
    end
    wait("the server starts", function()
        return client() ~= nil and client().initialized
    end)
    local can = client().server_capabilities

    local function lines()
        return vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
    end
    -- The line, from 0, and the byte at which some words stand.
    local function place(words)
        for number, line in ipairs(lines()) do
            local at = line:find(words, 1, true)
            if at then
                return number - 1, at - 1
            end
        end
        fail("no line has " .. words)
    end
    local function put(old, new)
        local number, at = place(old)
        vim.api.nvim_buf_set_text(buffer, number, at, number, at + #old, { new })
    end
    local function go(words, by)
        local number, at = place(words)
        vim.api.nvim_win_set_cursor(0, { number + 1, at + (by or 0) })
    end
    local function told(words)
        for _, diagnostic in ipairs(vim.diagnostic.get(buffer)) do
            if diagnostic.message:find(words, 1, true) then
                return true
            end
        end
        return false
    end
    local function ask(method, params)
        local answers = vim.lsp.buf_request_sync(buffer, method, params, 20000) or {}
        local answer = answers[id] or {}
        if answer.err then
            fail(method .. ": " .. vim.inspect(answer.err))
        end
        return answer.result
    end
    local function here()
        return vim.lsp.util.make_position_params(0, client().offset_encoding)
    end

    -- Typing: a finding comes, a fix is offered, and takes it away.
    put("visits_60d > 0 and top 20%", "visits_60 > 0 and top 20%")
    wait("a typo is told", function()
        return told("visits_60")
    end)
    go("visits_60 > 0", 2)
    local range = vim.lsp.util.make_range_params(0, client().offset_encoding)
    range.context = { diagnostics = {} }
    local fixes = ask("textDocument/codeAction", range) or {}
    local fix = fixes[1]
    for _, one in ipairs(fixes) do
        fix = one.isPreferred and one or fix
    end
    step("a fix is offered", fix ~= nil and fix.edit ~= nil)
    vim.lsp.util.apply_workspace_edit(fix.edit, client().offset_encoding)
    step("the fix writes the name", place("visits_60d > 0 and top 20%") ~= nil)
    wait("the finding goes", function()
        return not told("visits_60")
    end)

    -- Half-typed YAML is told, and nothing dies of it.
    put("    bucket: Trending", "  bucket: [Trending")
    wait("broken YAML is told", function()
        return told("YAML")
    end)
    put("  bucket: [Trending", "    bucket: Trending")
    wait("and gone once it is mended", function()
        return #vim.diagnostic.get(buffer, { severity = vim.diagnostic.severity.ERROR }) == 0
    end)

    -- One form.
    put("visits_60d > 0 and top 20%", "visits_60d>0   AND top 20%")
    if vim.lsp.buf.formatting_sync then
        vim.lsp.buf.formatting_sync(nil, 20000)
    else
        vim.lsp.buf.format({ timeout_ms = 20000 })
    end
    step("formatting gives the form", place("visits_60d > 0 and top 20%") ~= nil)

    -- What the server says that it can, it does.
    if can.hoverProvider then
        go("top 20% by visits_60d", 13)
        local hover = ask("textDocument/hover", here())
        step("hover says what a metric is", hover ~= nil and vim.inspect(hover):find("visits") ~= nil)
    end
    if can.completionProvider then
        put("visits_60d > 0 and top 20%", "visits_ > 0 and top 20%")
        go("visits_ > 0", 7)
        local offered = vim.inspect(ask("textDocument/completion", here()) or {})
        step("completion offers the metric", offered:find("visits_60d", 1, true) ~= nil)
        put("visits_ > 0 and top 20%", "visits_60d > 0 and top 20%")
    end
    if can.definitionProvider then
        go("visits_60d > 0 and top 20%", 2)
        local found = ask("textDocument/definition", here())
        step("the definition is found", found ~= nil and next(found) ~= nil)
    end
    if can.referencesProvider then
        go("visits_60d > 0 and top 20%", 2)
        local params = here()
        params.context = { includeDeclaration = true }
        local found = ask("textDocument/references", params)
        step("the references are found", found ~= nil and #found > 1)
    end
    if can.documentSymbolProvider then
        local params = { textDocument = vim.lsp.util.make_text_document_params() }
        local symbols = ask("textDocument/documentSymbol", params)
        step("there is an outline", symbols ~= nil and #symbols > 0)
    end
    if can.foldingRangeProvider then
        local params = { textDocument = vim.lsp.util.make_text_document_params() }
        local folds = ask("textDocument/foldingRange", params)
        step("there are folds", folds ~= nil and #folds > 0)
    end
    if can.codeLensProvider then
        local params = { textDocument = vim.lsp.util.make_text_document_params() }
        local lenses
        wait("segments have sizes above them", function()
            lenses = ask("textDocument/codeLens", params) or {}
            return vim.inspect(lenses):find("%d %(plan%)") ~= nil
        end)
        for _, lens in ipairs(lenses) do
            if lens.command.command == "muster.explain" then
                local said = ask("workspace/executeCommand", lens.command)
                step("a lens explains its segment", said:find(lens.command.arguments[1], 1, true) ~= nil)
                break
            end
        end
    end
    go("top 20% by visits_60d", 1)
    local page = vim.inspect(ask("textDocument/hover", here()) or {})
    step("a word has its page", page:find("Comparing clients", 1, true) ~= nil)

    -- Two of a name: the first one is one step away.
    local line = place("  - id: high_spend")
    vim.api.nvim_buf_set_lines(buffer, line, line + 1, true, { "  - id: lead" })
    local function related()
        for _, diagnostic in ipairs(vim.diagnostic.get(buffer)) do
            local given = diagnostic.user_data.lsp.relatedInformation
            if diagnostic.message:find("already", 1, true) and given and #given == 1 then
                return true
            end
        end
        return false
    end
    wait("the other of two is a related place", related)
    vim.api.nvim_buf_set_lines(buffer, line, line + 1, true, { "  - id: high_spend" })
    wait("and gone with the second", function()
        return not told("already")
    end)
    if can.renameProvider then
        go("visits_60d > 0 and top 20%", 2)
        local params = here()
        params.newName = "recent_visits"
        local edit = ask("textDocument/rename", params)
        step("a metric is renamed", edit ~= nil)
        vim.lsp.util.apply_workspace_edit(edit, client().offset_encoding)
        step("wherever it stands", place("recent_visits > 0 and top 20% by recent_visits") ~= nil)
        wait("and all is right after it", function()
            return #vim.diagnostic.get(buffer, { severity = vim.diagnostic.severity.ERROR }) == 0
        end)
    end

    client().stop()
    wait("the server ends", function()
        return vim.lsp.get_client_by_id(id) == nil or client().is_stopped()
    end)
end

tests.run("in Neovim", run)
