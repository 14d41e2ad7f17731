"""How ratings come to be: the words of the field, protocols, designs, jurors and text metrics."""
