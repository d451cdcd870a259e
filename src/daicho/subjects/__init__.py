"""本人: who a person is, across stores."""
