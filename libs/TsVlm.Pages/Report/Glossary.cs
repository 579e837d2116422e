namespace TsVlm.Pages.Report;

/// <summary>What every metric of the report means.</summary>
internal static class Glossary
{
    public static HtmlText Markup => $"""
        <h3 id="glossary">What the metrics mean</h3>
        <p>n test cases, C classes; p<sub>i</sub>(c) is the probability the model gives class c for case i, y<sub>i</sub> the true class.
        The prediction is the class with the highest probability.</p>
        <dl class="glossary">
        <dt>Accuracy</dt><dd><span class="formula">right / n</span></dd>
        <dt>± SE</dt><dd>Standard error of an accuracy p. <span class="formula">√(p(1 − p) / n)</span></dd>
        <dt>95% interval</dt><dd>Wilson’s (1927), z = 1.96. <span class="formula">(p + z²/2n ± z√(p(1 − p)/n + z²/4n²)) / (1 + z²/n)</span></dd>
        <dt>Better, worse, not shown</dt><dd>Two runs on the same test cases are compared case by case with McNemar’s exact test (1947; Dietterich 1998). Of the
        b + c cases that one of the two alone has right, the first has b and the second c; where both are equally good each is a toss of a coin.
        <span class="formula">P = min(1, 2 Σ<sub>k ≤ min(b, c)</sub> C(b + c, k) / 2<sup>b + c</sup>)</span>
        Holm’s correction (1979) over the pairs of one column or row keeps the chance of any false verdict among them below 0.05. Each seed is a pair of its own:
        means over seeds are not tested, because seeds of one split share its test cases. The majority class is compared as a classifier that always answers it.</dd>
        <dt>Majority class</dt><dd>Share of the test split that is of its most frequent class: what the same answer every time would reach.</dd>
        <dt>1-NN</dt><dd>The label of the nearest training case. 1nn-ed, 1nn-dtw and 1nn-dtw-learned compare values as they are; with -z at the end of the name
        each channel of each series is z-normalised first, as in the UCR archive’s published 1-NN accuracies.</dd>
        <dt>Precision, recall, F1</dt><dd>Of one class: right among those predicted as it; right among those of it;
        <span class="formula">2PR / (P + R)</span></dd>
        <dt>Balanced accuracy</dt><dd>Mean recall over the classes that occur in the test split.</dd>
        <dt>Macro F1</dt><dd>Unweighted mean of the classes’ F1.</dd>
        <dt>AUROC</dt><dd>Probability that a case of a class is given a higher p(c) than a case of another class, ties half;
        unweighted mean over the classes; “–” where it is not defined.</dd>
        <dt>NLL</dt><dd>Mean negative log-likelihood of the true class, in nats.
        <span class="formula">−(1/n) Σ ln p<sub>i</sub>(y<sub>i</sub>)</span> Guessing evenly has ln C.</dd>
        <dt>ECE</dt><dd>Expected calibration error over 15 equal bins of confidence (Guo et al. 2017):
        mean distance of accuracy and mean confidence, weighted by the bins’ counts.
        <span class="formula">Σ<sub>b</sub> (n<sub>b</sub>/n) |acc<sub>b</sub> − conf<sub>b</sub>|</span></dd>
        <dt>Temperature</dt><dd>T, one number that every class score s of a model is divided by before the softmax, of least NLL on the validation cases
        (Guo et al. 2017). It changes no prediction, only how sure the model says it is: less for T &gt; 1. <span class="formula">p(c) = exp(s<sub>c</sub>/T) / Σ
        exp(s<sub>k</sub>/T)</span></dd>
        <dt>AURC</dt><dd>Area under the risk-coverage curve (Geifman et al. 2019): the error rate of the k most confident cases, averaged over k; 0 is best.
        <span class="formula">(1/n) Σ<sub>k</sub> wrong<sub>k</sub>/k</span></dd>
        <dt>Sets of labels</dt><dd>Where a case may have several labels or none, each set that occurs in the data set is one class, and accuracy is
        subset accuracy: the set is exactly right. The probability of a label is the sum over the sets that hold it, and it is predicted above one half,
        the choice of least expected Hamming loss (Dembczyński et al. 2012). Y<sub>i</sub> being the labels of case i and Z<sub>i</sub> those predicted: Hamming loss is
        the share of wrong decisions over cases and labels;
        F1 by case is the mean of <span class="formula">2|Y<sub>i</sub>∩Z<sub>i</sub>| / (|Y<sub>i</sub>| + |Z<sub>i</sub>|)</span>, Jaccard by case that of
        <span class="formula">|Y<sub>i</sub>∩Z<sub>i</sub>| / |Y<sub>i</sub>∪Z<sub>i</sub>|</span>, both 1 where there are neither;
        micro F1 counts all decisions together, macro F1 is the mean over the labels that occur (Tsoumakas and Katakis 2007).</dd>
        <dt>Samples/s</dt><dd>Training samples seen a second; in the table of stages, those of the stage.</dd>
        <dt>Peak RSS</dt><dd>Highest resident memory of the process, in MB (10⁶ bytes).</dd>
        </dl>
        """;
}
