-- Neovim 0.7 and newer, without a plugin: put this file into ~/.config/nvim/plugin/.
-- `trusted = true` lets the server read the environment and the database of the folder: say so of your own folders only.

local function root(file)
    local config = vim.fn.findfile("config.yaml", vim.fn.fnamemodify(file, ":p:h") .. ";")
    return config ~= "" and vim.fn.fnamemodify(config, ":p:h") or nil
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
                init_options = { trusted = true },
                on_exit = function()
                    servers[folder] = nil
                end,
            })
        vim.lsp.buf_attach_client(event.buf, servers[folder])
    end,
})
