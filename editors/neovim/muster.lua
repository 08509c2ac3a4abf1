-- Neovim 0.7 and newer, without a plugin: put this file into ~/.config/nvim/plugin/.

-- The folders whose environment and database the server may read, with all that lies in them: your own ones alone. In all
-- others it reads the texts.
local trusted = {
    -- "~/segments",
}

local function is_trusted(folder)
    for _, one in ipairs(trusted) do
        local home = vim.fn.resolve(vim.fn.fnamemodify(one, ":p")):gsub("/+$", "")
        local real = vim.fn.resolve(folder)
        if real == home or vim.startswith(real, home .. "/") then
            return true
        end
    end
    return false
end

-- Whether a config is Muster's: other programs call theirs `config.yaml` as well.
local function is_config(path)
    local file = io.open(path)
    local text = file and file:read(1000000)
    if file then
        file:close()
    end
    if not text then
        return false
    end
    text = "\n" .. text:gsub("#[^\n]*", "")
    for _, key in ipairs({ "database", "subject", "timezone" }) do
        local named = "[\"']?" .. key .. "[\"']?%s*:"
        if text:find("\n" .. named) or text:find("^%s*{.*%f[\"'%w]" .. named) then
            return true
        end
    end
    return text:find("%S") == nil
end

-- The nearest folder with a config. No function that searches for files: to these a blank, a comma or a bracket in the name
-- of a folder is none.
local function root(file)
    local folder = vim.fn.fnamemodify(file, ":p:h")
    while not is_config(folder .. "/config.yaml") do
        local above = vim.fn.fnamemodify(folder, ":h")
        if above == folder then
            return nil
        end
        folder = above
    end
    return folder
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
    -- Sizes, `plan`, `explain` and `backtest` of each segment; below 0.10 they are the only sizes that are shown.
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

-- Shows what a lens answers in a window of its own, which `q` closes.
local shown
local function show(title, text)
    if shown and vim.api.nvim_buf_is_valid(shown) then
        vim.api.nvim_buf_delete(shown, { force = true })
    end
    shown = vim.api.nvim_create_buf(false, true)
    local lines = vim.split(text:gsub("\n$", ""), "\n")
    vim.api.nvim_buf_set_lines(shown, 0, -1, true, lines)
    vim.bo[shown].modifiable = false
    vim.bo[shown].bufhidden = "wipe"
    vim.keymap.set("n", "q", "<Cmd>close<CR>", { buffer = shown })
    vim.cmd("botright split")
    vim.api.nvim_win_set_buf(0, shown)
    vim.api.nvim_win_set_height(0, math.min(#lines, math.floor(vim.o.lines / 2)))
    vim.wo.wrap = false
    vim.wo.statusline = title:gsub("%%", "%%%%") .. "  (q closes)"
end

local function refresh(buffer)
    vim.api.nvim_buf_call(buffer, vim.lsp.codelens.refresh)
end

local function run(command, context)
    local client = vim.lsp.get_client_by_id(context.client_id)
    local title = command.command:gsub("%.", " ") .. " " .. table.concat(command.arguments or {}, " ")
    local function answered(error, answer)
        if error then
            vim.notify(title .. ": " .. error.message, vim.log.levels.ERROR)
        elseif type(answer) == "string" then
            show(title, answer)
        end
        -- A lens that is run is taken away.
        if vim.api.nvim_buf_is_loaded(context.bufnr) then
            refresh(context.bufnr)
        end
    end
    local params = { command = command.command, arguments = command.arguments }
    if vim.fn.has("nvim-0.11") == 1 then
        client:request("workspace/executeCommand", params, answered, context.bufnr)
    else
        client.request("workspace/executeCommand", params, answered, context.bufnr)
    end
end

local commands = {}
for _, name in ipairs({ "plan", "explain", "backtest", "test" }) do
    commands["muster." .. name] = run
end

-- The server says when people are counted: then the lenses have other sizes.
local function counted(_, _, context)
    for buffer in pairs(vim.lsp.get_client_by_id(context.client_id).attached_buffers) do
        refresh(buffer)
    end
    return vim.NIL
end

local capabilities = vim.lsp.protocol.make_client_capabilities()
capabilities.workspace.codeLens = { refreshSupport = true }

local servers = {}

vim.api.nvim_create_autocmd("FileType", {
    pattern = "yaml",
    callback = function(event)
        local folder = root(vim.api.nvim_buf_get_name(event.buf))
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
                init_options = { trusted = is_trusted(folder), showAnswers = true },
                capabilities = capabilities,
                commands = commands,
                handlers = { ["workspace/codeLens/refresh"] = counted },
                on_attach = keys,
                on_exit = function()
                    servers[folder] = nil
                end,
            })
        vim.lsp.buf_attach_client(event.buf, servers[folder])
    end,
})
