"""The corners of the protocol, by a kept client of it, pygls', which refuses answers of a wrong form.

python corners.py PROGRAM, in a folder with the demo. Each step fails with a word, and the last line says how many there were.
"""

import asyncio
import logging
import pathlib
import sys

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.lsp.client import LanguageClient

PATIENCE = 60
FOLDER = pathlib.Path.cwd()
NAME = "rules/corners.yaml"
# Letters of one, two, three and four bytes in UTF-8, of which the last has two units in UTF-16, before what is wrong.
BEFORE = '  - { id: corner, name: "aé€😀", when: '
TEXT = "segments:\n" + BEFORE + "nobody_there > 1 }\n"
steps = 0


class Complaints(logging.Handler):
    """What the client has to say about the server."""

    said = []

    def emit(self, record):
        self.said.append(record.getMessage())


logging.getLogger().addHandler(Complaints(logging.WARNING))


def step(words, holds):
    global steps
    if not holds:
        sys.exit(f"{words}: this did not come")
    steps += 1


class Editor:
    """A client that keeps what it is told."""

    def __init__(self, client):
        self.client = client
        self.shown = {}
        self.logged = []
        self.refreshed = []
        self.version = 1

        @client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def _(params):
            self.shown[params.uri] = params.diagnostics

        @client.feature(lsp.WINDOW_LOG_MESSAGE)
        def _(params):
            self.logged.append(params.message)

        @client.feature(lsp.WINDOW_SHOW_MESSAGE)
        def _(params):
            self.logged.append(params.message)

        @client.feature(lsp.WORKSPACE_INLAY_HINT_REFRESH)
        def _(_):
            self.refreshed.append("hints")

        @client.feature(lsp.WORKSPACE_CODE_LENS_REFRESH)
        def _(_):
            self.refreshed.append("lenses")

    @classmethod
    async def start(cls):
        editor = cls(LanguageClient("corners", "1"))
        await editor.client.start_io(sys.argv[1], "lsp")
        return editor

    async def greet(self, encodings):
        refresh = {"refresh_support": True}
        workspace = lsp.WorkspaceClientCapabilities(
            inlay_hint=lsp.InlayHintWorkspaceClientCapabilities(**refresh),
            code_lens=lsp.CodeLensWorkspaceClientCapabilities(**refresh),
        )
        general = lsp.GeneralClientCapabilities(position_encodings=encodings)
        answer = await self.client.initialize_async(
            lsp.InitializeParams(
                capabilities=lsp.ClientCapabilities(workspace=workspace, general=general),
                initialization_options={"trusted": True},
                workspace_folders=[lsp.WorkspaceFolder(FOLDER.as_uri(), "demo")],
            )
        )
        self.client.initialized(lsp.InitializedParams())
        return answer

    async def until(self, words, holds):
        for _ in range(PATIENCE * 50):
            if holds():
                return step(words, True)
            await asyncio.sleep(0.02)
        step(f"{words} (shown: {self.shown}, logged: {self.logged})", False)

    async def refused(self, code, method, params=None):
        """Whether a request is answered with an error of a code."""
        try:
            await asyncio.wait_for(self.client.protocol.send_request_async(method, params), PATIENCE)
        except JsonRpcException as error:
            return error.code == code
        return False

    def write(self, body):
        self.client.protocol.writer.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def open(self, name, text):
        item = lsp.TextDocumentItem(uri(name), "yaml", 1, text)
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))

    def edit(self, name, changes, version=None):
        if version is None:
            self.version += 1
            version = self.version
        document = lsp.VersionedTextDocumentIdentifier(version=version, uri=uri(name))
        params = lsp.DidChangeTextDocumentParams(document, changes)
        self.client.text_document_did_change(params)

    def about(self, name, words):
        """The first finding of a file that says some words."""
        found = [d for d in self.shown.get(uri(name), []) if words in d.message]
        return found[0] if found else None

    async def end(self):
        await self.client.shutdown_async(None)
        late = lsp.HoverParams(lsp.TextDocumentIdentifier(uri(NAME)), lsp.Position(0, 0))
        step("a request after shutdown is refused", await self.refused(-32600, "textDocument/hover", late))
        self.client.exit(None)
        server = self.client._server
        step("the server ends as it was asked to", await asyncio.wait_for(server.wait(), PATIENCE) == 0)
        step("and has said nothing else", await server.stderr.read() == b"")
        await self.client.stop()


def uri(name):
    return (FOLDER / name).as_uri()


async def positions(encoding, units):
    """Places count in what was agreed, in findings and in edits."""
    editor = await Editor.start()
    early = lsp.DocumentSymbolParams(lsp.TextDocumentIdentifier(uri(NAME)))
    early = await editor.refused(-32002, "textDocument/documentSymbol", early)
    step("a request before initialize is refused", early)
    answer = await editor.greet([encoding])
    step("the encoding is agreed", answer.capabilities.position_encoding == encoding)
    again = lsp.InitializeParams(capabilities=lsp.ClientCapabilities())
    step("a second initialize is refused", await editor.refused(-32600, "initialize", again))
    editor.open(NAME, TEXT)
    await editor.until("a finding comes", lambda: editor.about(NAME, "nobody_there"))
    place = editor.about(NAME, "nobody_there").range.start
    step("it stands behind the letters", place == lsp.Position(1, units(BEFORE)))
    part = lsp.TextDocumentContentChangePartial(lsp.Range(place, place), "1 > 0 or not ")
    editor.edit(NAME, [part])
    moved = lsp.Position(1, units(BEFORE) + 13)
    await editor.until(
        "an edit behind the letters counts alike",
        lambda: (found := editor.about(NAME, "nobody_there")) and found.range.start == moved,
    )
    await editor.end()


async def edits(editor):
    """Edits that come late, backwards, or to what is not open."""
    whole = [lsp.TextDocumentContentChangeWholeDocument("segments: []\n")]
    editor.edit(NAME, whole, version=1)
    await editor.until("a late edit is left out", lambda: any("too late" in said for said in editor.logged))
    ends = (lsp.Position(1, 0), lsp.Position(0, 0))
    editor.edit(NAME, [lsp.TextDocumentContentChangePartial(lsp.Range(*ends), "x")])
    await editor.until("a backward one, too", lambda: any("before it begins" in said for said in editor.logged))
    editor.edit("rules/nowhere.yaml", whole)
    await editor.until("and one of what is not open", lambda: any("not open" in said for said in editor.logged))
    step("the finding still stands", editor.about(NAME, "nobody_there"))


async def nonsense(editor):
    """What no client should send, and what it gets for it."""
    step("an unknown method is refused", await editor.refused(-32601, "muster/nothing", {}))
    params = lsp.ExecuteCommandParams("muster.nothing")
    step("an unknown command is refused", await editor.refused(-32602, "workspace/executeCommand", params))
    editor.client.protocol.notify("$/unheardOf", None)
    opened = b'{"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"nonsense": true}}'
    editor.write(opened)
    await editor.until("what cannot be read is logged", lambda: any("didOpen` was left out" in said for said in editor.logged))
    for body in (b"hello", b"{", b"[]", b"\xff\xfe"):
        editor.write(body)
    symbols = lsp.DocumentSymbolParams(lsp.TextDocumentIdentifier(uri(NAME)))
    symbols = await editor.client.text_document_document_symbol_async(symbols)
    step("the session goes on behind what is no JSON", len(symbols) == 1)
    unasked = [said for said in Complaints.said if 'unknown message id "None"' in said]
    step("which was answered each time", len(unasked) == 4)


async def cancelled(editor):
    """A request that waits is ended; one that was answered, and one that never was, are left."""
    editor.edit(NAME, [lsp.TextDocumentContentChangeWholeDocument(TEXT)])
    place = lsp.TextDocumentIdentifier(uri(NAME)), lsp.Position(1, units_16(BEFORE) + 2)
    sent = editor.client.protocol.send_request_async("textDocument/hover", lsp.HoverParams(*place), msg_id="slow")
    editor.client.cancel_request(lsp.CancelParams(id="slow"))
    editor.client.cancel_request(lsp.CancelParams(id="nobody"))
    editor.client.cancel_request(lsp.CancelParams(id=7))
    try:
        await asyncio.wait_for(sent, PATIENCE)
        code = None
    except JsonRpcException as error:
        code = error.code
    step("a cancelled request is told so", code == -32800)


async def features(editor):
    """Every feature once: the client refuses an answer of a wrong form."""
    name = "rules/engagement.yaml"
    text = (FOLDER / name).read_text()
    editor.open(name, text)
    document = lsp.TextDocumentIdentifier(uri(name))
    everything = lsp.Range(lsp.Position(0, 0), lsp.Position(len(text.splitlines()), 0))

    def at(words, by=0):
        before = text[: text.index(words) + by]
        return lsp.Position(before.count("\n"), units_16(before[before.rfind("\n") + 1 :]))

    client = editor.client
    for _ in range(PATIENCE * 10):
        hints = await client.text_document_inlay_hint_async(lsp.InlayHintParams(document, everything))
        if hints:
            break
        await asyncio.sleep(0.1)
    step("segments have sizes", hints)
    await editor.until("hints and lenses are asked for again", lambda: {"hints", "lenses"} <= set(editor.refreshed))
    lenses = await client.text_document_code_lens_async(lsp.CodeLensParams(document))
    step("segments have lenses", any("(plan)" in lens.command.title for lens in lenses))
    explain = next(lens.command for lens in lenses if lens.command.command == "muster.explain")
    said = await client.workspace_execute_command_async(
        lsp.ExecuteCommandParams(explain.command, arguments=explain.arguments)
    )
    step("a segment is explained", explain.arguments[0] in said)
    place = document, at("visits_60d > 0 and top 20%", 2)
    hover = await client.text_document_hover_async(lsp.HoverParams(*place))
    step("a metric is explained", "visits_60d" in hover.contents.value)
    hover = await client.text_document_hover_async(lsp.HoverParams(document, at("top 20% by", 1)))
    step("a word has its page", "**Comparing clients" in hover.contents.value)
    offered = await client.text_document_completion_async(lsp.CompletionParams(*place))
    offered = offered if isinstance(offered, list) else offered.items
    step("names are offered", any(item.label == "visits_60d" for item in offered))
    step("a definition is found", await client.text_document_definition_async(lsp.DefinitionParams(*place)))
    context = lsp.ReferenceContext(include_declaration=True)
    references = lsp.ReferenceParams(context, *place)
    step("references are found", len(await client.text_document_references_async(references)) > 1)
    step("they are marked", await client.text_document_document_highlight_async(lsp.DocumentHighlightParams(*place)))
    step("a name can be renamed", await client.text_document_prepare_rename_async(lsp.PrepareRenameParams(*place)))
    rename = lsp.RenameParams(*place, new_name="recent_visits")
    step("and is, wherever it stands", (await client.text_document_rename_async(rename)).changes)
    symbols = lsp.DocumentSymbolParams(document)
    step("there is an outline", await client.text_document_document_symbol_async(symbols))
    step("there are folds", await client.text_document_folding_range_async(lsp.FoldingRangeParams(document)))
    wider = lsp.SelectionRangeParams(document, [place[1]])
    step("a selection grows", (await client.text_document_selection_range_async(wider))[0].parent)
    tokens = await client.text_document_semantic_tokens_full_async(lsp.SemanticTokensParams(document))
    step("conditions have colours", len(tokens.data) % 5 == 0 and tokens.data)
    form = lsp.DocumentFormattingParams(document, lsp.FormattingOptions(tab_size=2, insert_spaces=True))
    edits = await client.text_document_formatting_async(form)
    step(f"shipped rules have the form ({edits})", not edits)
    whole = lsp.TextDocumentContentChangeWholeDocument(TEXT.replace("nobody_there", "visits_60"))
    editor.edit(NAME, [whole])
    await editor.until("a typo is told", lambda: editor.about(NAME, "visits_60"))
    finding = editor.about(NAME, "visits_60")
    context = lsp.CodeActionContext([finding])
    actions = lsp.CodeActionParams(lsp.TextDocumentIdentifier(uri(NAME)), finding.range, context)
    actions = await client.text_document_code_action_async(actions)
    step("a fix is offered", any(action.title == "write `visits_60d`" and action.edit for action in actions))
    step("a finding has a page", finding.code_description.href.startswith("muster:"))


def units_8(text):
    return len(text.encode())


def units_16(text):
    return len(text.encode("utf-16-le")) // 2


async def main():
    await positions(lsp.PositionEncodingKind.Utf8, units_8)
    await positions(lsp.PositionEncodingKind.Utf16, units_16)
    editor = await Editor.start()
    await editor.greet([lsp.PositionEncodingKind.Utf16])
    editor.open(NAME, TEXT)
    await editor.until("a finding comes", lambda: editor.about(NAME, "nobody_there"))
    await edits(editor)
    await nonsense(editor)
    await cancelled(editor)
    await features(editor)
    await editor.end()
    others = [said for said in Complaints.said if 'unknown message id "None"' not in said]
    step(f"the client has nothing else to complain of ({others})", not others)
    print(f"{steps} steps by pygls, all done")


asyncio.run(main())
