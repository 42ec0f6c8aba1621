"""xAPI: what a person learns here, sent to one record store that they agreed to.

Once the operator has named a store, each learner decides for themselves. The store
knows them by a name that was drawn for it alone, and hears only of what comes after.
"""
