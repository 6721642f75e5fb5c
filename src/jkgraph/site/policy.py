"""What pages may load: the Content-Security-Policies of a site, and the headers of its hosts."""

from __future__ import annotations

# A page to read needs no script. Its search box is a form, which may only lead to this site.
READING = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'"
)
SCRIPTED = f"{READING}; script-src 'self'; connect-src 'self'; worker-src 'self'"
# A host sends one policy for all pages; inside a page it may not name frame-ancestors.
HOST = f"{SCRIPTED}; frame-ancestors 'none'"
# WebAssembly runs in workers only, which take the policy of their own file.
WORKER = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
WORKER_ENDING = "worker.js"
# What a host sends with every file besides. The data is for everybody, other sites included.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Access-Control-Allow-Origin": "*",
    "Cache-Control": "no-cache",
}


def policy_for(path: str) -> str:
    """Return the policy that a host sends with a file."""
    return WORKER if path.endswith(WORKER_ENDING) else HOST
