"""A believable month for whoever looks at the system for the first time.

Everything goes through the doors that real work goes through: the desk decides, tablets
of their own sign what they record and hand it in, early or late. The same seed tells
the same month. May not enter: anything that writes to a table past its owner.
"""
