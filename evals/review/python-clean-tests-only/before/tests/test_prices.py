from prices import discount
