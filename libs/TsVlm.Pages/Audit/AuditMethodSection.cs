using TsVlm.Evaluation;
using TsVlm.Evaluation.Audit;

namespace TsVlm.Pages.Audit;

/// <summary>How each check is made, what it cannot see, and the command that makes the audit again.</summary>
internal static class AuditMethodSection
{
    public static HtmlText Markup(ReportHeading heading) => $"""
        <section id="method"><h2>Method</h2><dl class="glossary">
        <dt>Severity</dt><dd>Problem: metrics would be wrong, or there would be none. Warning: metrics may say something else than they seem to. Note: good to know. A
        leak for certain is a problem from {MetricText.Percent(AuditSettings.ProblemShare)} of the test cases on and a warning below; one that is only likely is a warning
        and a note. A difference counts where P after Holm’s correction within the check is below {AuditSettings.Level:0.00} and, for a warning, the effect is large.
        Nothing is corrected across checks, splits and data sets: of a hundred clean ones expect a few notes by chance.</dd>
        <dt>Duplicates</dt><dd>Equal: every value of every channel, missing ones included, as the reader gives them. Near: series of one shape whose z-normalised values
        (channel by channel, missing ones interpolated) differ by a root mean square below {NearSearch.MaxTolerance:0.00}, which is a correlation of 0.9998, and below
        {NearSearch.RelativeTolerance:0.00} of the median distance of two series of one class. All pairs are looked at, across the parts of a split and within each.</dd>
        <dt>Overlaps</dt><dd>The end of a series is the beginning of another, or one lies in the other, value for value, over at least 16 steps and a quarter of the
        shortest series.</dd>
        <dt>Split</dt><dd>Parts are disjoint, hold every case, and have of each class what the protocol documents.</dd>
        <dt>Selection</dt><dd>Training samples are made again with every validation and test series in other units and half as long: they must stay the same to the byte,
        as scales, axes and shortening are fitted on the training part. Checkpoints are chosen by validation loss; choosing among scenarios is left to the reader.</dd>
        <dt>Sampling</dt><dd>Test samples that equal a training or validation sample to the byte, prompt and image, though their series differ: shortening and rounding
        made one of two.</dd>
        <dt>Label in sample</dt><dd>The test samples of the first split are made as a run makes them, then again with every test label exchanged for another: prompt and
        image must stay the same to the byte. What a prompt has that others have not is searched for classes and answers, and whether it names its own more often than by
        chance is tested by permutation. The question is searched for classes beyond its list. Images must hold no text beside their pixels.</dd>
        <dt>Shortcuts</dt><dd>A class by one property of a series (length, missing values, constant channels, position in the file): the most frequent class of its bin,
        learnt on training and validation, tried on the test, against permuted labels. Files of samples are named by case number, so what the position tells their names
        would.</dd>
        <dt>Class prior</dt><dd>Pearson’s χ² of homogeneity, by permutation where a class is expected fewer than five times; the effect is the total variation, large from
        0.10 on.</dd>
        <dt>Input shift</dt><dd>Two-sample tests of Kolmogorov and Smirnov on
        {string.Join(", ", SeriesStatistics.OfSeries.Select(f => f.Name).Concat(SeriesStatistics.ChannelNames))}; the effect is D, large from 0.20 on. And a classifier
        two-sample test (Lopez-Paz and Oquab 2017): MiniRocket with ridge regression, {ClassifierTwoSampleTest.NumFolds}-fold, on at most {
            ClassifierTwoSampleTest.MaxCases} series of each part;
        large from an area of 0.70 on. Both take series for independent: those of one subject or recording are not, and P is then too small.</dd>
        <dt>What it cannot see</dt><dd>Whether series are of one subject, device or day: files do not say. Windows of one recording that were normalised each by itself.
        What a pretrained model has seen before.</dd>
        </dl><h3>How to repeat</h3><pre class="command">{heading.Command}</pre></section>

        """;
}
