"""The screens of the post room."""
