-- The shipped settings in a folder that they trust: lenses have their sizes, and what they answer is shown whole.

local tests = dofile(os.getenv("MUSTER_STEPS"))
local step = tests.step

-- What the lenses of this buffer say, however long nobody moves the cursor.
local function lenses(buffer)
    local said = {}
    for _, lens in ipairs(vim.lsp.codelens.get(buffer)) do
        table.insert(said, lens.command.title)
    end
    return table.concat(said, "\n")
end

local function run()
    vim.cmd("edit rules/engagement.yaml")
    vim.cmd("setfiletype yaml")
    local buffer = vim.api.nvim_get_current_buf()
    step("sizes come by themselves", vim.wait(20000, function()
        return lenses(buffer):find("%d %(plan%)") ~= nil
    end, 50))

    local line
    for number, words in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, true)) do
        line = words:find("id: high_spend", 1, true) and number or line
    end
    -- Whoever is asked takes the first lens with some words.
    local function press(words)
        vim.ui.select = function(options, _, chosen)
            for _, option in ipairs(options) do
                if option.lens.command.title:find(words, 1, true) then
                    return chosen(option)
                end
            end
        end
        vim.api.nvim_win_set_cursor(vim.fn.bufwinid(buffer), { line, 0 })
        vim.api.nvim_feedkeys("grl", "mx", false)
    end
    local function answer()
        return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, true), "\n")
    end
    press("explain")
    step("an answer has a window of its own", vim.wait(20000, function()
        return vim.api.nvim_get_current_buf() ~= buffer
    end, 50))
    local words = answer()
    step("all of it is there", words:find("high_spend", 1, true) ~= nil and words:find("\n", 1, true) ~= nil)
    step("its beginning is seen", vim.fn.line("w0") == 1)
    step("the lens is there again", vim.wait(20000, function()
        local number = line - 1
        local name = "vim_lsp_codelens:" .. next(vim.lsp.buf_get_clients(buffer))
        local space = vim.api.nvim_get_namespaces()[name]
        return #vim.api.nvim_buf_get_extmarks(buffer, space, { number, 0 }, { number, -1 }, {}) > 0
    end, 50))
    vim.cmd("wincmd p")
    press("plan")
    step("the next one takes its place", vim.wait(20000, function()
        return vim.api.nvim_get_current_buf() ~= buffer and answer() ~= words
    end, 50))
    step("there are two windows", #vim.api.nvim_list_wins() == 2)
    vim.api.nvim_feedkeys("q", "mx", false)
    step("it is closed by a key", vim.api.nvim_get_current_buf() == buffer)

    local _, client = next(vim.lsp.buf_get_clients(buffer))
    step("the folder is trusted", client.config.init_options.trusted == true)
    client.stop()
end

tests.run("with lenses in Neovim", run)
