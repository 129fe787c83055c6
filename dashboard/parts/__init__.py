"""What more than one page uses: data made ready for the eye, tables, panels, dialogs, words."""
