"""The screens: Streamlit pages over the store. Nothing here asks an API; the pages read what the health check kept."""
