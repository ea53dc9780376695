# %% [markdown] assignment="01_one_window"
# Chidi hands in the notebook as it was released.
