"""What people see: the shell, one thin screen a file, and the few own components."""
