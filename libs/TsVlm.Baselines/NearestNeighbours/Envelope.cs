namespace TsVlm.Baselines.NearestNeighbours;

/// <summary>
/// Lowest and highest value of a series around each step: what any warping path within the band can meet there (Keogh 2002).
/// </summary>
internal static class Envelope
{
    /// <summary>
    /// Fills <paramref name="low"/> and <paramref name="high"/> (time steps * channels) in time linear in the length (Lemire 2009).
    /// </summary>
    /// <param name="values">Values (time steps * channels).</param>
    /// <param name="numChannels">Channels.</param>
    /// <param name="window">Steps looked at on either side.</param>
    /// <param name="low">Minimum over the steps within the window.</param>
    /// <param name="high">Maximum over the steps within the window.</param>
    /// <param name="queue">Room for as many numbers as there are time steps.</param>
    public static void Fill(ReadOnlySpan<double> values, int numChannels, int window, Span<double> low, Span<double> high, Span<int> queue)
    {
        for (var channel = 0; channel < numChannels; channel++)
        {
            Slide(values, numChannels, channel, window, high, queue, sign: 1);
            Slide(values, numChannels, channel, window, low, queue, sign: -1);
        }
    }

    /// <summary>Sliding maximum of sign * value: the queue holds the steps that may still become it, values falling.</summary>
    private static void Slide(ReadOnlySpan<double> values, int numChannels, int channel, int window, Span<double> extreme, Span<int> queue,
        double sign)
    {
        var length = values.Length / numChannels;
        var (head, tail, next) = (0, 0, 0);
        for (var t = 0; t < length; t++)
        {
            for (; next < length && next - t <= window; next++)
            {
                var value = sign * values[next * numChannels + channel];
                while (tail > head && sign * values[queue[tail - 1] * numChannels + channel] <= value) tail--;
                queue[tail++] = next;
            }
            if (t - queue[head] > window) head++;
            extreme[t * numChannels + channel] = values[queue[head] * numChannels + channel];
        }
    }
}
