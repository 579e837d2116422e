using SkiaSharp;

namespace TsVlm.Representations.Images;

/// <summary>A fixed colour for each channel: eight hues, then the same hues darker and lighter; the 41st channel starts again.</summary>
internal static class ChannelColours
{
    private static readonly SKColor[] Hues =
    [
        new(31, 119, 180), new(214, 39, 40), new(44, 160, 44), new(255, 127, 14), new(148, 103, 189), new(140, 86, 75), new(23, 170, 187),
        new(227, 119, 194),
    ];

    // Share of the way to black (negative) or white (positive).
    private static readonly float[] Lightness = [0, -0.45f, 0.45f, -0.7f, 0.65f];

    public static int NumDistinct => Hues.Length * Lightness.Length;

    public static SKColor Of(int channel)
    {
        var hue = Hues[channel % Hues.Length];
        var lightness = Lightness[channel / Hues.Length % Lightness.Length];
        return new SKColor(Shifted(hue.Red), Shifted(hue.Green), Shifted(hue.Blue));

        byte Shifted(byte part) => (byte)(part + (lightness < 0 ? part * lightness : (255 - part) * lightness));
    }
}
