-- What the scripts for Neovim have in common: each step fails with a word, and the last line says how many there were.

local steps = 0
local tests = {}

function tests.fail(words)
    io.stderr:write(words .. "\n")
    vim.cmd("cquit 1")
end

function tests.step(name, holds)
    if not holds then
        tests.fail(name .. ": this did not come")
    end
    steps = steps + 1
end

-- Runs all steps of a script, which are about something.
function tests.run(about, all)
    local done, error = xpcall(all, debug.traceback)
    if not done then
        tests.fail(tostring(error))
    end
    io.stdout:write(steps .. " steps " .. about .. ", all done\n")
    vim.cmd("qall!")
end

return tests
