"""The pack's own MCP server: the only tools that its reviewing agents have."""
