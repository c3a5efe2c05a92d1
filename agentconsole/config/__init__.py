"""Reading the desk's configuration: paths, settings, packs, clock and logs."""
