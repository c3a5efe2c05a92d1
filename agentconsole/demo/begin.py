"""Where the process of the demo's desk server begins, before anything heavy is imported."""

import gc


def main() -> None:
    """Serve the demo; garbage is looked for once the desk is filled, for until then nothing can be thrown away."""
    gc.disable()
    from agentconsole.demo import serve  # noqa: PLC0415  the looking takes a tenth of the time that importing takes

    serve.main()


if __name__ == "__main__":
    main()
