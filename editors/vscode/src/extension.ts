// Starts `muster lsp` for the open folder. What it may read hangs on the trust that people give the folder.

import * as vscode from "vscode";
import { ExecuteCommandSignature, LanguageClient, LanguageClientOptions, ServerOptions } from "vscode-languageclient/node";
import { inTurn } from "./turns";

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
    const stopped = client;
    client = undefined;
    await stopped?.stop();
}

const restart = inTurn(async () => {
    // A server that does not end in time is left to end by itself.
    await deactivate().catch((error: unknown) => console.error(`muster lsp: ${error}`));
    await start();
});

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
    // The path alone would be read as a glob, in which brackets are a choice and backslashes separate nothing.
    const pattern = { baseUri: folder.uri.toString(), pattern: "**/*" };
    const options: LanguageClientOptions = {
        documentSelector: [{ scheme: "file", language: "yaml", pattern }],
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
