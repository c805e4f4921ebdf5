"""Services: one function per thing a person does; they know no HTTP."""
