namespace TsVlm.Representations.Images;

/// <summary>
/// Fills the area between a line and a level in RGBA pixels, half transparent, so that areas which overlap can both be seen.
/// </summary>
internal static class AreaFill
{
    private const float Opacity = 0.5f;

    /// <summary>Adds the area between the points' line, x rising, and the level, to square pixels of that size.</summary>
    public static void Paint(Span<byte> rgba, int size, IReadOnlyList<(float X, float Y)> points, float level, byte red, byte green,
        byte blue)
    {
        for (var i = 1; i < points.Count; i++)
        {
            var ((fromX, fromY), (toX, toY)) = (points[i - 1], points[i]);
            // Columns whose middle lies in this segment: each belongs to one segment alone.
            for (var x = Math.Max(0, (int)MathF.Ceiling(fromX - 0.5f)); x < size && x + 0.5f < toX; x++)
            {
                var y = fromY + ((toY - fromY) * (x + 0.5f - fromX) / (toX - fromX));
                var (top, bottom) = (Math.Min(y, level), Math.Max(y, level));
                for (var row = Math.Max(0, (int)top); row < size && row < bottom; row++)
                {
                    var covered = Opacity * (Math.Min(row + 1, bottom) - Math.Max(row, top));
                    var pixel = rgba.Slice(((row * size) + x) * 4, 3);
                    (pixel[0], pixel[1], pixel[2]) = (Blend(pixel[0], red, covered), Blend(pixel[1], green, covered),
                        Blend(pixel[2], blue, covered));
                }
            }
        }
    }

    private static byte Blend(byte ground, byte colour, float share) => (byte)MathF.Round(ground + ((colour - ground) * share));
}
