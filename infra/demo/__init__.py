"""The demonstration: a month of after-sales repair, told from one seed.

What really happens in the homes and what the register says about it are made
together, so the demonstration knows the right answers. May not enter: anything that
the product needs to run.
"""
