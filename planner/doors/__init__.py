"""Other doors out of the planner: files for spreadsheets, dialers and calendars. Workbooks are not here."""
