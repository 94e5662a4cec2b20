"""Who sold what to whom: lots traced back to plots and countries, exactly, with unknown kept."""
