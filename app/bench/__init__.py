"""`sundial bench`: what a pass over Asana costs, measured with the real worker code against the sandbox.

`importing` and `catching_up` set a stage and ask for figures; what is measured runs as a process of its own (`worker`,
`fetcher`, `asker`) and says by itself what it used.
"""
