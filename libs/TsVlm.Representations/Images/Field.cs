namespace TsVlm.Representations.Images;

/// <summary>
/// A picture of one view of one channel before it is pixels: (rows, columns) shares from 0, black, to 1, white, the top row first.
/// </summary>
internal sealed record Field(int NumRows, int NumColumns, float[] Shares)
{
    /// <summary>A field whose cells are computed one by one.</summary>
    public static Field Of(int numRows, int numColumns, Func<int, int, double> share)
    {
        var shares = new float[numRows * numColumns];
        for (int row = 0, i = 0; row < numRows; row++)
            for (var column = 0; column < numColumns; column++, i++) shares[i] = (float)share(row, column);
        return new Field(numRows, numColumns, shares);
    }

    /// <summary>
    /// The field with at most so many rows and columns: each cell the mean of a block; the same field where it is small enough.
    /// </summary>
    public Field AtMost(int height, int width)
    {
        if (NumRows <= height && NumColumns <= width) return this;
        var (rows, columns) = (Math.Min(height, NumRows), Math.Min(width, NumColumns));
        return Of(rows, columns, (row, column) => Mean(Part(row, rows, NumRows), Part(column, columns, NumColumns)));
    }

    /// <summary>First and end of one of so many near-equal parts of a whole.</summary>
    public static (int First, int End) Part(int part, int numParts, int whole) =>
        ((int)((long)part * whole / numParts), (int)(((long)part + 1) * whole / numParts));

    private double Mean((int First, int End) rows, (int First, int End) columns)
    {
        var sum = 0.0;
        for (var row = rows.First; row < rows.End; row++)
            for (var column = columns.First; column < columns.End; column++) sum += Shares[(row * NumColumns) + column];
        return sum / ((rows.End - rows.First) * (columns.End - columns.First));
    }
}
