"""Learning without a network: a module kept on the device, a course on a stick."""
