namespace TsVlm.VisionLanguage.Inputs;

/// <summary>
/// Pillow's antialiased bicubic resize of 8-bit RGB (Keys 1981 with a = -0.5), bit for bit: the kernel widens with the
/// reduction, weights are fixed-point integers, and the result of the horizontal pass is rounded to 8 bits before the vertical one.
/// </summary>
internal static class BicubicResize
{
    private const int Channels = 3;
    private const double KernelRadius = 2;
    private const int FractionBits = 22; // 32 bits - 8 of the pixel - 2 of headroom for the kernel's overshoot.

    /// <summary>The image (height, width, RGB) at another size.</summary>
    public static byte[] Resize(byte[] rgb, int width, int height, int newWidth, int newHeight)
    {
        var wide = newWidth == width ? rgb : ResizeRows(rgb, width, height, newWidth);
        return newHeight == height ? wide : ResizeColumns(wide, newWidth, height, newHeight);
    }

    private static byte[] ResizeRows(byte[] rgb, int width, int height, int newWidth)
    {
        var result = new byte[newWidth * height * Channels];
        var windows = Windows(width, newWidth);
        for (var y = 0; y < height; y++)
        {
            var row = rgb.AsSpan(y * width * Channels, width * Channels);
            for (var x = 0; x < newWidth; x++)
            {
                for (var c = 0; c < Channels; c++)
                    result[(y * newWidth + x) * Channels + c] = windows[x].Sum(row, Channels, c);
            }
        }
        return result;
    }

    private static byte[] ResizeColumns(byte[] rgb, int width, int height, int newHeight)
    {
        var stride = width * Channels;
        var result = new byte[stride * newHeight];
        var windows = Windows(height, newHeight);
        for (var y = 0; y < newHeight; y++)
        {
            for (var i = 0; i < stride; i++) result[y * stride + i] = windows[y].Sum(rgb, stride, i);
        }
        return result;
    }

    private static Window[] Windows(int size, int newSize)
    {
        var scale = (double)size / newSize;
        var stretch = Math.Max(scale, 1);
        return [.. Enumerable.Range(0, newSize).Select(i => WindowAround((i + 0.5) * scale, stretch, size))];
    }

    private static Window WindowAround(double centre, double stretch, int size)
    {
        var radius = KernelRadius * stretch;
        var first = Math.Max((int)(centre - radius + 0.5), 0);
        var end = Math.Min((int)(centre + radius + 0.5), size);
        var weights = new double[end - first];
        var total = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = Kernel((first + i - centre + 0.5) * (1 / stretch));
            total += weights[i];
        }
        return new Window(first, [.. weights.Select(w => FixedPoint(total == 0 ? w : w * (1 / total)))]);
    }

    private static int FixedPoint(double weight) => (int)(weight * (1 << FractionBits) + (weight < 0 ? -0.5 : 0.5));

    private static double Kernel(double x)
    {
        const double a = -0.5;
        x = Math.Abs(x);
        if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
    }

    /// <summary>The pixels that one new pixel is made of.</summary>
    private readonly record struct Window(int First, int[] Weights)
    {
        public byte Sum(ReadOnlySpan<byte> pixels, int stride, int offset)
        {
            var sum = 1 << (FractionBits - 1);
            for (var i = 0; i < Weights.Length; i++) sum += pixels[(First + i) * stride + offset] * Weights[i];
            return (byte)Math.Clamp(sum >> FractionBits, 0, 255);
        }
    }
}
