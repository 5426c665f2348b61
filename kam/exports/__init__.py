"""What leaves the product as a file: books and csv of any table, the weekly review as a book and as a printable sheet."""
