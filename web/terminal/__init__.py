"""What a person sees in a terminal: offers in a table, reasons in sentences, the day as a strip a room.

Works without colour, in 80 columns, and through a pipe; times are the clinic's.
"""
