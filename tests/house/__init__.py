"""What holds for the project as a whole: how it is packed, documented and laid out."""
