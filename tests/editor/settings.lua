-- The shipped settings of Neovim: what a person finds who has put them into place, and nothing else.

local steps = 0

local function step(name, holds)
    if not holds then
        io.stderr:write(name .. ": this did not come\n")
        vim.cmd("cquit 1")
    end
    steps = steps + 1
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
        return vim.bo[buffer].omnifunc == "v:lua.vim.lsp.omnifunc"
    end, 50))
    for _, key in ipairs({ "K", "gd", "grr", "grn", "gra", "grl", "grf" }) do
        step(key, vim.fn.maparg(key, "n", false, true).desc ~= nil)
    end
    vim.api.nvim_buf_set_lines(buffer, 0, 0, true, { "broken: [" })
    step("a finding", vim.wait(20000, function()
        return #vim.diagnostic.get(buffer) > 0
    end, 50))
    client().stop()
    io.stdout:write(steps .. " steps with the shipped settings, all done\n")
    vim.cmd("qall!")
end

local done, error = xpcall(run, debug.traceback)
if not done then
    io.stderr:write(tostring(error) .. "\n")
    vim.cmd("cquit 1")
end
