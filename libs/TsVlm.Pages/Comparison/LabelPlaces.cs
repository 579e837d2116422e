namespace TsVlm.Pages.Comparison;

/// <summary>Where the name of a point stands in a chart.</summary>
/// <param name="X">Pixel of its anchor.</param>
/// <param name="Y">Pixel of its middle.</param>
/// <param name="Anchor">SVG's <c>text-anchor</c>.</param>
internal readonly record struct LabelPlace(double X, double Y, string Anchor);

/// <summary>Puts names beside their points so that no name lies on another or on a point, as far as there is room.</summary>
internal static class LabelPlaces
{
    private const double LetterWidth = 6.6;
    private const double TextHeight = 14;
    private const double PointSize = 8;

    /// <summary>
    /// One place a point, in their order; each takes the first free place of right, left, above, below, and those further off.
    /// </summary>
    public static IReadOnlyList<LabelPlace> Of(IReadOnlyList<(double X, double Y, string Text)> points, double left, double right,
        double top, double bottom)
    {
        List<Box> taken = [.. points.Select(p => new Box(p.X - PointSize, p.Y - PointSize, p.X + PointSize, p.Y + PointSize))];
        var places = new List<LabelPlace>();
        foreach (var (index, point) in points.Index())
        {
            var width = LetterWidth * point.Text.Length;
            var candidates = Candidates(point.X, point.Y).Select(place => (Place: place, Box: Around(place, width))).ToList();
            var chosen = candidates.FirstOrDefault(c => c.Box.IsWithin(left, top, right, bottom)
                && !taken.Where((_, i) => i != index).Any(c.Box.Meets), candidates[0]);
            taken.Add(chosen.Box);
            places.Add(chosen.Place);
        }
        return places;
    }

    private static IEnumerable<LabelPlace> Candidates(double x, double y)
    {
        foreach (var shift in (double[])[0, -15, 15, -30, 30, -45, 45])
        {
            yield return new(x + 11, y + shift, "start");
            yield return new(x - 11, y + shift, "end");
            if (shift != 0) yield return new(x, y + shift, "middle");
        }
    }

    private static Box Around(LabelPlace place, double width)
    {
        var left = place.Anchor switch { "start" => place.X, "end" => place.X - width, _ => place.X - (width / 2) };
        return new(left, place.Y - (TextHeight / 2), left + width, place.Y + (TextHeight / 2));
    }

    private readonly record struct Box(double Left, double Top, double Right, double Bottom)
    {
        public bool Meets(Box other) => Left < other.Right && other.Left < Right && Top < other.Bottom && other.Top < Bottom;

        public bool IsWithin(double left, double top, double right, double bottom) =>
            Left >= left && Top >= top && Right <= right && Bottom <= bottom;
    }
}
