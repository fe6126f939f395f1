import { type Frame, page } from './layout.tsx'

/** 隐私说明: what is kept, who sees it, what is public. */
export const privacyPage = (frame: Frame): string =>
  page({
    ...frame,
    title: '隐私说明',
    description: '评价时收集什么信息、谁能看到、公开什么。',
    body: (
      <div class="reading">
        <h1>隐私说明</h1>
        <div class="card">
          <h2>我们收集什么</h2>
          <ul>
            <li>您给出的等级、选项、文字和提交时间。</li>
            <li>您选择实名时填写的手机号和姓名。</li>
            <li>办事时您已提供给窗口或业务系统的姓名、证件号、手机号，随办件一起传来。</li>
          </ul>
          <p>
            您的浏览器里只留一个标记（Cookie），用来记住您是否选择了大字版。我们不跟踪您，也不使用别家的统计工具。
          </p>
        </div>
        <div class="card">
          <h2>谁能看到</h2>
          <div class="table-wrap">
            <table>
              <caption>不同的人能看到的内容</caption>
              <thead>
                <tr>
                  <th scope="col">谁</th>
                  <th scope="col">匿名评价</th>
                  <th scope="col">实名评价</th>
                </tr>
              </thead>
              <tbody>
                <tr>
                  <th scope="row">被评价的工作人员</th>
                  <td>看不到您是谁</td>
                  <td>看不到您是谁</td>
                </tr>
                <tr>
                  <th scope="row">办理单位负责核实的人</th>
                  <td>等级、选项、文字；看不到您是谁</td>
                  <td>等级、选项、文字；写明理由后可以看姓名和电话，每次查看都有记录</td>
                </tr>
                <tr>
                  <th scope="row">公众</th>
                  <td colSpan={2}>只看到汇总数字和已办结差评的处理结果；看不到您的原话和身份</td>
                </tr>
              </tbody>
            </table>
          </div>
        </div>
        <div class="card">
          <h2>怎么保管</h2>
          <p>
            姓名、证件号、电话逐项加密后单独保存。公开账本里只有由它们算出的校验值，从校验值推不回原来的内容。
          </p>
          <h2>您的权利</h2>
          <p>
            您有权要求查阅、复制、更正或删除自己的个人信息，请拨打 <a href="tel:12345">12345</a>
            提出。个人信息删除后，评价等级仍然有效，账本仍可核验。
          </p>
        </div>
      </div>
    ),
  })
