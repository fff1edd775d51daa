"""The demo region as running processes: keys, certificates, folders, broker, and the `sluis` command of each desk."""
