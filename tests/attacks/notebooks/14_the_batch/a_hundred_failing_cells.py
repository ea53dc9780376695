# %% [markdown] assignment="01_one_window"
# A hundred failing cells, each with a remark.
#
# marks: 4, 6
# says: and 80 more remarks on cells


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    height, width = kernel.shape
    out = np.zeros((image.shape[0] - height + 1, image.shape[1] - width + 1))
    for i, j in np.ndindex(*out.shape):
        out[i, j] = (image[i : i + height, j : j + width] * kernel).sum()
    return out

# %% after="conv2d_valid"
1 / 0  # 99

# %% after="conv2d_valid"
1 / 0  # 98

# %% after="conv2d_valid"
1 / 0  # 97

# %% after="conv2d_valid"
1 / 0  # 96

# %% after="conv2d_valid"
1 / 0  # 95

# %% after="conv2d_valid"
1 / 0  # 94

# %% after="conv2d_valid"
1 / 0  # 93

# %% after="conv2d_valid"
1 / 0  # 92

# %% after="conv2d_valid"
1 / 0  # 91

# %% after="conv2d_valid"
1 / 0  # 90

# %% after="conv2d_valid"
1 / 0  # 89

# %% after="conv2d_valid"
1 / 0  # 88

# %% after="conv2d_valid"
1 / 0  # 87

# %% after="conv2d_valid"
1 / 0  # 86

# %% after="conv2d_valid"
1 / 0  # 85

# %% after="conv2d_valid"
1 / 0  # 84

# %% after="conv2d_valid"
1 / 0  # 83

# %% after="conv2d_valid"
1 / 0  # 82

# %% after="conv2d_valid"
1 / 0  # 81

# %% after="conv2d_valid"
1 / 0  # 80

# %% after="conv2d_valid"
1 / 0  # 79

# %% after="conv2d_valid"
1 / 0  # 78

# %% after="conv2d_valid"
1 / 0  # 77

# %% after="conv2d_valid"
1 / 0  # 76

# %% after="conv2d_valid"
1 / 0  # 75

# %% after="conv2d_valid"
1 / 0  # 74

# %% after="conv2d_valid"
1 / 0  # 73

# %% after="conv2d_valid"
1 / 0  # 72

# %% after="conv2d_valid"
1 / 0  # 71

# %% after="conv2d_valid"
1 / 0  # 70

# %% after="conv2d_valid"
1 / 0  # 69

# %% after="conv2d_valid"
1 / 0  # 68

# %% after="conv2d_valid"
1 / 0  # 67

# %% after="conv2d_valid"
1 / 0  # 66

# %% after="conv2d_valid"
1 / 0  # 65

# %% after="conv2d_valid"
1 / 0  # 64

# %% after="conv2d_valid"
1 / 0  # 63

# %% after="conv2d_valid"
1 / 0  # 62

# %% after="conv2d_valid"
1 / 0  # 61

# %% after="conv2d_valid"
1 / 0  # 60

# %% after="conv2d_valid"
1 / 0  # 59

# %% after="conv2d_valid"
1 / 0  # 58

# %% after="conv2d_valid"
1 / 0  # 57

# %% after="conv2d_valid"
1 / 0  # 56

# %% after="conv2d_valid"
1 / 0  # 55

# %% after="conv2d_valid"
1 / 0  # 54

# %% after="conv2d_valid"
1 / 0  # 53

# %% after="conv2d_valid"
1 / 0  # 52

# %% after="conv2d_valid"
1 / 0  # 51

# %% after="conv2d_valid"
1 / 0  # 50

# %% after="conv2d_valid"
1 / 0  # 49

# %% after="conv2d_valid"
1 / 0  # 48

# %% after="conv2d_valid"
1 / 0  # 47

# %% after="conv2d_valid"
1 / 0  # 46

# %% after="conv2d_valid"
1 / 0  # 45

# %% after="conv2d_valid"
1 / 0  # 44

# %% after="conv2d_valid"
1 / 0  # 43

# %% after="conv2d_valid"
1 / 0  # 42

# %% after="conv2d_valid"
1 / 0  # 41

# %% after="conv2d_valid"
1 / 0  # 40

# %% after="conv2d_valid"
1 / 0  # 39

# %% after="conv2d_valid"
1 / 0  # 38

# %% after="conv2d_valid"
1 / 0  # 37

# %% after="conv2d_valid"
1 / 0  # 36

# %% after="conv2d_valid"
1 / 0  # 35

# %% after="conv2d_valid"
1 / 0  # 34

# %% after="conv2d_valid"
1 / 0  # 33

# %% after="conv2d_valid"
1 / 0  # 32

# %% after="conv2d_valid"
1 / 0  # 31

# %% after="conv2d_valid"
1 / 0  # 30

# %% after="conv2d_valid"
1 / 0  # 29

# %% after="conv2d_valid"
1 / 0  # 28

# %% after="conv2d_valid"
1 / 0  # 27

# %% after="conv2d_valid"
1 / 0  # 26

# %% after="conv2d_valid"
1 / 0  # 25

# %% after="conv2d_valid"
1 / 0  # 24

# %% after="conv2d_valid"
1 / 0  # 23

# %% after="conv2d_valid"
1 / 0  # 22

# %% after="conv2d_valid"
1 / 0  # 21

# %% after="conv2d_valid"
1 / 0  # 20

# %% after="conv2d_valid"
1 / 0  # 19

# %% after="conv2d_valid"
1 / 0  # 18

# %% after="conv2d_valid"
1 / 0  # 17

# %% after="conv2d_valid"
1 / 0  # 16

# %% after="conv2d_valid"
1 / 0  # 15

# %% after="conv2d_valid"
1 / 0  # 14

# %% after="conv2d_valid"
1 / 0  # 13

# %% after="conv2d_valid"
1 / 0  # 12

# %% after="conv2d_valid"
1 / 0  # 11

# %% after="conv2d_valid"
1 / 0  # 10

# %% after="conv2d_valid"
1 / 0  # 9

# %% after="conv2d_valid"
1 / 0  # 8

# %% after="conv2d_valid"
1 / 0  # 7

# %% after="conv2d_valid"
1 / 0  # 6

# %% after="conv2d_valid"
1 / 0  # 5

# %% after="conv2d_valid"
1 / 0  # 4

# %% after="conv2d_valid"
1 / 0  # 3

# %% after="conv2d_valid"
1 / 0  # 2

# %% after="conv2d_valid"
1 / 0  # 1

# %% after="conv2d_valid"
1 / 0  # 0
