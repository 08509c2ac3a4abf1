/** What is done one time after the other, so that the newest settings count: also where one of the times failed. */
export function inTurn(run: () => Promise<void>): () => Promise<void> {
    let last: Promise<void> = Promise.resolve();
    return () => {
        last = last.catch(() => undefined).then(run);
        return last;
    };
}
