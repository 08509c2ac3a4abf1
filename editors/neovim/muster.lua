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

-- What newer versions do by themselves, older ones are told. Keys that you have mapped already stay yours.
local function keys(client, buffer)
    vim.bo[buffer].omnifunc = "v:lua.vim.lsp.omnifunc"
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
