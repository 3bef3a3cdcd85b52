"""What a report is: the lines that the store sums, their subtotals and totals, and the proofs of what they claim."""
