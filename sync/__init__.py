"""The meaning of Doorstep: facts, orders, exchange, evidence, promises.

Pure: what is in here needs no file, network, clock, chance or framework; whatever it
must know of the world is handed in. Server and tablet both stand on it.
"""
