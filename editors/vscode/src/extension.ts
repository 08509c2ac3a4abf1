// Starts `muster lsp` for the open folder. What it may read hangs on the trust that people give the folder.

import * as vscode from "vscode";
import { ExecuteCommandSignature, LanguageClient, LanguageClientOptions, ServerOptions } from "vscode-languageclient/node";

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
    context.subscriptions.push(
        vscode.commands.registerCommand("muster.restart", restart),
        vscode.workspace.onDidGrantWorkspaceTrust(restart),
        vscode.workspace.onDidChangeConfiguration((event) =>
            event.affectsConfiguration("muster") ? restart() : undefined,
        ),
    );
    await restart();
}

export async function deactivate(): Promise<void> {
    await client?.stop();
    client = undefined;
}

/** The last restart: one follows the other, so that the newest settings count. */
let restarted: Promise<void> = Promise.resolve();

function restart(): Promise<void> {
    restarted = restarted.then(async () => {
        await deactivate();
        await start();
    });
    return restarted;
}

/** Runs the command of a lens, and shows beside the file what it answers. */
async function run(command: string, args: unknown[], next: ExecuteCommandSignature): Promise<void> {
    if (command === "muster.explain" && args.length === 1) {
        const whom = await vscode.window.showInputBox({
            prompt: "A key or a name; nothing, to see the segment's definition",
        });
        if (whom === undefined) {
            return;
        }
        args = whom.trim() === "" ? args : [...args, whom.trim()];
    }
    const title = `${command.replace("muster.", "muster ")} ${args.join(" ")}`;
    const answer: unknown = await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Window, title },
        async () => next(command, args),
    );
    if (typeof answer === "string") {
        const document = await vscode.workspace.openTextDocument({ content: answer, language: "plaintext" });
        await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: true });
    }
}

async function start(): Promise<void> {
    const folder = vscode.workspace.workspaceFolders?.[0];
    if (folder === undefined) {
        return;
    }
    const settings = vscode.workspace.getConfiguration("muster", folder);
    const command = settings.get<string>("path") || "muster";
    const config = settings.get<string>("config");
    const server: ServerOptions = { command, args: ["lsp"], options: { cwd: folder.uri.fsPath } };
    const options: LanguageClientOptions = {
        documentSelector: [{ scheme: "file", language: "yaml", pattern: `${folder.uri.fsPath}/**/*` }],
        initializationOptions: {
            trusted: vscode.workspace.isTrusted,
            showAnswers: true,
            hideNames: settings.get<boolean>("hideNames") ?? false,
            countClauses: settings.get<boolean>("countClauses") ?? false,
            ...(config ? { config } : {}),
        },
        workspaceFolder: folder,
        middleware: { executeCommand: run },
    };
    client = new LanguageClient("muster", "Muster", server, options);
    try {
        await client.start();
    } catch (error) {
        client = undefined;
        const words = `\`${command} lsp\` cannot be started: ${error}. Install Muster, or name it in the setting muster.path.`;
        void vscode.window.showErrorMessage(words);
    }
}
