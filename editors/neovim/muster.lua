-- Neovim 0.7 and newer, without a plugin: put this file into ~/.config/nvim/plugin/.

-- The folders whose environment and database the server may read, with all that lies in them: your own ones alone. In all
-- others it reads the texts.
local trusted = {
    -- "~/segments",
}

local function is_trusted(folder)
    for _, one in ipairs(trusted) do
        local home = vim.fn.resolve(vim.fn.fnamemodify(vim.fn.expand(one), ":p")):gsub("/+$", "")
        local real = vim.fn.resolve(folder)
        if real == home or vim.startswith(real, home .. "/") then
            return true
        end
    end
    return false
end

local function root(file)
    local config = vim.fn.findfile("config.yaml", vim.fn.fnamemodify(file, ":p:h") .. ";")
    return config ~= "" and vim.fn.fnamemodify(config, ":p:h") or nil
end

-- Completion before 0.10: there, what is typed must begin what is written, and `Kranken-Kasse` is written with a backtick.
local offered = {}

function MusterComplete(findstart, base)
    if findstart == 1 then
        offered = {}
        local cursor = vim.api.nvim_win_get_cursor(0)
        local line = vim.api.nvim_get_current_line()
        local start = vim.fn.match(line:sub(1, cursor[2]), "\\k*$")
        local params = vim.lsp.util.make_position_params()
        for _, answer in pairs(vim.lsp.buf_request_sync(0, "textDocument/completion", params, 2000) or {}) do
            local result = answer.result or {}
            vim.list_extend(offered, result.items or result)
        end
        for _, item in ipairs(offered) do
            if item.textEdit then
                start = vim.str_byteindex(line, item.textEdit.range.start.character, true)
            end
        end
        return start
    end
    local typed = base:lower():gsub("^[\"'`]+", "")
    local found = {}
    for _, item in ipairs(offered) do
        local name = item.label:lower():gsub("^`", "")
        if vim.startswith(name, typed) then
            table.insert(found, {
                word = item.textEdit and item.textEdit.newText or item.insertText or item.label,
                abbr = item.label,
                menu = item.detail,
                equal = 1,
                dup = 1,
            })
        end
    end
    return found
end

-- What newer versions do by themselves, older ones are told. Keys that you have mapped already stay yours.
local function keys(client, buffer)
    local is_old = vim.fn.has("nvim-0.10") == 0
    vim.bo[buffer].omnifunc = is_old and "v:lua.MusterComplete" or "v:lua.vim.lsp.omnifunc"
    vim.bo[buffer].tagfunc = "v:lua.vim.lsp.tagfunc"
    local function map(key, what, run)
        if vim.fn.maparg(key, "n") == "" then
            vim.keymap.set("n", key, run, { buffer = buffer, desc = "Muster: " .. what })
        end
    end
    map("K", "what is under the cursor, with counts", vim.lsp.buf.hover)
    map("gd", "the definition", vim.lsp.buf.definition)
    map("grr", "the references", vim.lsp.buf.references)
    map("grn", "another name", vim.lsp.buf.rename)
    map("gra", "fixes", vim.lsp.buf.code_action)
    map("grl", "run the lens of this line", vim.lsp.codelens.run)
    map("grf", "one form for conditions", function()
        if vim.lsp.buf.format then
            vim.lsp.buf.format({ timeout_ms = 5000 })
        else
            vim.lsp.buf.formatting_sync(nil, 5000)
        end
    end)
    if vim.lsp.inlay_hint and vim.lsp.inlay_hint.enable then
        vim.lsp.inlay_hint.enable(true, { bufnr = buffer })
    end
    -- Sizes, `plan`, `explain` and `backtest` above each segment; below 0.10 they are the only sizes that are shown.
    if client.server_capabilities.codeLensProvider then
        vim.api.nvim_create_autocmd({ "BufEnter", "CursorHold", "InsertLeave" }, {
            buffer = buffer,
            callback = function()
                vim.lsp.codelens.refresh()
            end,
        })
        vim.lsp.codelens.refresh()
    end
end

local servers = {}

vim.api.nvim_create_autocmd("FileType", {
    pattern = "yaml",
    callback = function(event)
        local folder = root(event.file)
        if not folder then
            return
        end
        if not is_trusted(folder) and not servers[folder] then
            local words = "Muster reads the texts of %s alone, and counts nobody: it is not in `trusted`, in muster.lua"
            vim.notify(words:format(folder), vim.log.levels.WARN)
        end
        servers[folder] = servers[folder]
            or vim.lsp.start_client({
                name = "muster",
                cmd = { "muster", "lsp" },
                root_dir = folder,
                init_options = { trusted = is_trusted(folder) },
                on_attach = keys,
                on_exit = function()
                    servers[folder] = nil
                end,
            })
        vim.lsp.buf_attach_client(event.buf, servers[folder])
    end,
})
