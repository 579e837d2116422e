using System.Numerics;

namespace TsVlm.Representations.Images;

/// <summary>
/// Draws antialiased strokes with round ends and joins into RGBA pixels. A stroke covers a pixel by half its width, plus half a pixel,
/// minus the distance from the pixel's centre to the nearest point of the line, between 0 and 1; where segments of one stroke overlap, the
/// largest counts, so a line that doubles back is no darker. One instance draws one stroke after another; it is not for several threads at
/// once.
/// </summary>
/// <remarks>
/// Ours, since drawing is most of the work of making a sample: only pixels near a segment are looked at, where a general stroker first
/// makes an outline of the whole line and then fills it. benchmarks/README.md has the metrics.
/// </remarks>
internal sealed class StrokeRaster
{
    private readonly int size;
    private readonly int stride;                        // rows of a column, with room for a whole vector at its end
    private readonly float[] coverage;                  // (columns, stride), 0 outside a stroke
    private readonly int[] top;                         // first covered row of each column
    private readonly int[] bottom;                      // row after the last covered one
    private int left;
    private int right;

    /// <summary>For square images of that many pixels.</summary>
    public StrokeRaster(int size)
    {
        this.size = size;
        stride = size + Vector<float>.Count;
        coverage = new float[size * stride];
        top = new int[size];
        bottom = new int[size];
        Forget();
    }

    /// <summary>Adds the segment between two points to the stroke; a point to itself is a dot.</summary>
    /// <param name="from">One end, in pixels from the image's upper left corner.</param>
    /// <param name="to">The other end.</param>
    /// <param name="width">Width of the stroke, in pixels.</param>
    public void Add((float X, float Y) from, (float X, float Y) to, float width)
    {
        var (dx, dy) = (to.X - from.X, to.Y - from.Y);
        var squaredLength = (dx * dx) + (dy * dy);
        var inverse = squaredLength > 0 ? 1 / squaredLength : 0;
        var reach = (width + 1) / 2;
        var (first, end) = Pixels(Math.Min(from.X, to.X) - reach, Math.Max(from.X, to.X) + reach);
        for (var x = first; x < end; x++)
        {
            var offset = x + 0.5f - from.X;
            var (low, high) = Rows(offset, dx, dy, reach);
            var (row, endRow) = Pixels(from.Y + low - reach, from.Y + high + reach);
            if (row >= endRow) continue;
            Note(x, row, endRow);
            var column = coverage.AsSpan(x * stride, stride);
            // Several rows at once; those past the end are out of reach, so they stay as they are.
            for (; row < endRow; row += Vector<float>.Count)
            {
                var down = new Vector<float>(row + 0.5f - from.Y) + Vector<float>.Indices;
                var along = Vector.Clamp(((down * dy) + new Vector<float>(offset * dx)) * inverse, Vector<float>.Zero, Vector<float>.One);
                var (awayX, awayY) = (new Vector<float>(offset) - (along * dx), down - (along * dy));
                var covered = Vector.Min(Vector<float>.One,
                    new Vector<float>(reach) - Vector.SquareRoot((awayX * awayX) + (awayY * awayY)));
                var rows = column[row..];
                Vector.Max(covered, new Vector<float>(rows)).CopyTo(rows);
            }
        }
    }

    /// <summary>Puts the stroke onto RGBA pixels (rows, columns, 4) in a colour, and starts the next one.</summary>
    public void Paint(Span<byte> rgba, byte red, byte green, byte blue)
    {
        for (var x = left; x < right; x++)
        {
            if (top[x] >= bottom[x]) continue;
            for (var row = top[x]; row < bottom[x]; row++)
            {
                var covered = coverage[(x * stride) + row];
                if (covered == 0) continue;
                var pixel = rgba.Slice(((row * size) + x) * 4, 3);
                (pixel[0], pixel[1], pixel[2]) = (Blend(pixel[0], red, covered), Blend(pixel[1], green, covered),
                    Blend(pixel[2], blue, covered));
            }
            coverage.AsSpan((x * stride) + top[x], bottom[x] - top[x]).Clear();
        }
        Forget();
    }

    /// <summary>Rows, relative to the first point, between which the segment runs where it may reach a column.</summary>
    private static (float Low, float High) Rows(float offset, float dx, float dy, float reach)
    {
        if (dx == 0) return (Math.Min(0, dy), Math.Max(0, dy));
        var (one, other) = (Math.Clamp((offset - reach) / dx, 0, 1) * dy, Math.Clamp((offset + reach) / dx, 0, 1) * dy);
        return (Math.Min(one, other), Math.Max(one, other));
    }

    /// <summary>The pixels, within the image, whose centres lie between two places.</summary>
    private (int First, int End) Pixels(float low, float high) =>
        ((int)Math.Clamp(MathF.Ceiling(low - 0.5f), 0, size), (int)Math.Clamp(MathF.Floor(high - 0.5f) + 1, 0, size));

    private void Note(int x, int row, int endRow)
    {
        left = Math.Min(left, x);
        right = Math.Max(right, x + 1);
        top[x] = Math.Min(top[x], row);
        bottom[x] = Math.Max(bottom[x], endRow);
    }

    private void Forget()
    {
        left = size;
        right = 0;
        Array.Fill(top, size);
        Array.Fill(bottom, 0);
    }

    private static byte Blend(byte ground, byte colour, float share) => (byte)MathF.Round(ground + ((colour - ground) * share));
}
