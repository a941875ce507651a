"""Steps that several intentions share, each within the caller's transaction."""
