"""No stencil."""
