"""The invented people, companies, buildings and vehicles of the demo region, and the registers about them."""
