"""One compiler and one engine for every store that speaks SQL; `SqlKind` is what differs between them."""
